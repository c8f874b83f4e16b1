"""An object store that speaks S3, as far as listing and reading go (docs.aws.amazon.com, ListObjectsV2, GetObject)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.facts.connectors.standin import Answer, Asked, Standin

BUCKET = "crm"


class S3Standin(Standin):
    """One bucket of texts by key."""

    def __init__(self, access_key: str) -> None:
        super().__init__()
        self.access_key = access_key
        self.objects: dict[str, tuple[str, datetime]] = {}

    def put(self, key: str, text: str) -> None:
        """Make or replace an object."""
        self.objects[key] = (text, datetime.now(UTC) + timedelta(seconds=len(self.objects)))

    def answer(self, asked: Asked) -> Answer:
        kind = {"Content-Type": "application/xml"}
        if f"Credential={self.access_key}/" not in asked.headers.get("Authorization", ""):
            return Answer(403, text="<Error><Code>InvalidAccessKeyId</Code></Error>", headers=kind)
        key = asked.path.removeprefix(f"/{BUCKET}").lstrip("/")
        if not key:
            return Answer(
                200, text=self._list(asked.params.get("prefix", ""), asked.params.get("delimiter")), headers=kind
            )
        if key not in self.objects:
            return Answer(404, text="<Error><Code>NoSuchKey</Code></Error>", headers=kind)
        text, changed = self.objects[key]
        told = {"ETag": _tag(text), "Last-Modified": format_datetime(changed, usegmt=True), "Content-Type": "text/csv"}
        return Answer(200, text=text, headers=told)

    def _list(self, prefix: str, delimiter: str | None) -> str:
        rows, folders = [], set()
        for key, (text, changed) in sorted(self.objects.items()):
            if not key.startswith(prefix):
                continue
            rest = key.removeprefix(prefix)
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.split(delimiter)[0] + delimiter)
                continue
            stamp = changed.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            rows.append(
                f"<Contents><Key>{key}</Key><LastModified>{stamp}</LastModified><ETag>{_tag(text)}</ETag>"
                f"<Size>{len(text)}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
        inner = "".join(f"<CommonPrefixes><Prefix>{f}</Prefix></CommonPrefixes>" for f in sorted(folders))
        count = len(rows) + len(folders)
        return (
            '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{BUCKET}</Name><Prefix>{prefix}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys>"
            f"<IsTruncated>false</IsTruncated>{''.join(rows)}{inner}</ListBucketResult>"
        )


def _tag(text: str) -> str:
    return f'"{hashlib.md5(text.encode()).hexdigest()}"'
