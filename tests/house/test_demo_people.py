"""The demo's people can be named as representatives, so their stories can be tried by hand."""

from demo.mandates import LOGINS
from imas.kernel.identifiers import personal_code_is_valid


def test_every_demo_login_has_a_personal_code_of_its_own_that_is_nobodys() -> None:
    codes = [login.personal_code for login in LOGINS]
    assert len(set(codes)) == len(codes)
    assert all(personal_code_is_valid(code) and code.startswith("9") for code in codes)
