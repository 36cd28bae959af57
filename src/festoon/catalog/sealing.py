"""What second factors are made of is sealed with the installation's secret before it is written anywhere."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from festoon.base.words import Words
from festoon.records import secret
from festoon.records.refusal import Conflict

UNREADABLE = Words(
    "The second factor was set up with another secret of this installation: an administrator can reset it.",
    "两步验证由旧的系统密钥加密，请联系管理员重置。",
)


class Sealing(DefaultMFAAdapter):  # type: ignore[misc]
    """The hook of django-allauth through which it writes and reads secrets."""

    def encrypt(self, text: str) -> str:
        """The text, sealed."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text behind the seal. Raises Conflict `unreadable` when the installation's secret is another now."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise Conflict("unreadable", UNREADABLE, field="code") from None


def _keys() -> MultiFernet:
    """One key for each secret this installation has or had, the present one first."""
    digests = [hashlib.sha256(b"festoon.catalog.sealing:" + each).digest() for each in secret.every()]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
