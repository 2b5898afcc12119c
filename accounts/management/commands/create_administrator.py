"""`manage.py create_administrator EMAIL --name NAME`: the first person of a new installation."""

import getpass
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import joining
from accounts.models import User
from accounts.refusals import Refusal


class Command(BaseCommand):
    help = "Make an administrator. A link to choose a password is mailed (printed, where mail goes to the console)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--ask", action="store_true", help="ask for the password here; no mail is sent")

    def handle(self, *, email: str, name: str, ask: bool, **options: object) -> None:
        try:
            validate_email(email)
            password = self.password(User(email=email, name=name)) if ask else None
            user = joining.create_administrator(by=None, email=email, name=name, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        how = "Sign in with the password you gave." if ask else "The link to choose a password is in the mail."
        self.stdout.write(f"{user.email} is an administrator. {how}")

    def password(self, user: User) -> str:
        """Typed twice and never shown; CommandError when the two differ."""
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Once more: "):
            raise CommandError("The two passwords differ; nothing was made.")
        validate_password(password, user)
        return password
