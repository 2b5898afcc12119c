"""nginx in front of an installation, with the file that `docs/nginx.conf` gives to who runs one."""

import datetime
import re
import shutil
import socket
import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import servers
from tests.integration.installation import HOST

PLACES = ("nginx", Path(sys.prefix, "nginx/usr/sbin/nginx"), "/usr/sbin/nginx", "/usr/local/sbin/nginx")
SHIPPED = servers.ROOT / "docs" / "nginx.conf"
AROUND = """
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f; scgi_temp_path {folder}/s; uwsgi_temp_path {folder}/u;
    include {folder}/site.conf;
}}
"""


class Nginx(servers.Server):
    """Speaks HTTPS on `port` with a certificate of its own, which `trust` believes, and leads there from `plain`."""

    def __init__(self, folder: Path, behind: int):
        folder.mkdir()
        self.port, self.plain = servers.free_port(), servers.free_port()
        self.url = f"https://{HOST}:{self.port}"
        key, certificate = made_certificate(folder)
        self.trust = ssl.create_default_context(cafile=certificate)
        placed = {
            r"server 127\.0\.0\.1:8000;": f"server 127.0.0.1:{behind};",
            r"listen 80;": f"listen 127.0.0.1:{self.plain};",
            r"listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            r"server_name \S+;": f"server_name {HOST};",
            r"ssl_certificate \S+;": f"ssl_certificate {certificate};",
            r"ssl_certificate_key \S+;": f"ssl_certificate_key {key};",
        }
        site = SHIPPED.read_text()
        for line, ours in placed.items():
            site, found = re.subn(line, ours, site)
            assert found, f"{SHIPPED.name}: {line}"
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
        program = next(path for place in PLACES if (path := shutil.which(place)))
        super().__init__(program, "-e", "stderr", "-c", folder / "nginx.conf", log=folder / "log")

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.trust.wrap_socket(plain, server_hostname=HOST)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """Key and certificate for HOST, good for a day around now, signed by themselves."""
    key, now, day = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC), datetime.timedelta(1)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - day).not_valid_after(now + day)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    signed = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    unlocked = serialization.NoEncryption()
    opened = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    for file, content in (("key", opened), ("certificate", signed)):
        (folder / file).write_bytes(content)
    return folder / "key", folder / "certificate"
