"""The pages about teams, people, invitations and one's own profile."""
