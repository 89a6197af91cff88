"""What botocore signs, recorded for sigv4_test.cpp of io/net.

    python record.py answers.tsv            writes it (in an environment with requirements.txt)
    python record.py answers.tsv --check    fails when botocore would say anything else

A line: name, kind (sign or presign), service, region, method, url, headers as JSON, body, whether there is a session
token, and the answer: the Authorization header, or the presigned address with its query's parts in order.

SPDX-License-Identifier: Apache-2.0
"""

import datetime
import json
import sys
from pathlib import Path
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 5, 12, 0, 0)
ACCESS, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "AQoDYXdzEPT//////////wEXAMPLE=="
SQS, S3 = "https://sqs.eu-central-1.amazonaws.com", "https://bucket.s3.eu-central-1.amazonaws.com"
CASES = [
    ("plain", "sqs", "GET", SQS + "/", {}, ""),
    ("unsorted query", "sqs", "GET", SQS + "/?b=2&a=1&c=3&B=0", {}, ""),
    ("doubled names", "sqs", "GET", SQS + "/?a=z&a=b&a=a&aa=1&a-b=2", {}, ""),
    ("no value", "sqs", "GET", SQS + "/?acl&b&a=", {}, ""),
    ("equals sign in a key and a value", "sqs", "GET", SQS + "/?dt%3D2024=x%3Dy", {}, ""),
    ("other alphabets", "sqs", "GET", SQS + "/?name=%E1%88%B4&%C3%A9=%20%2B~", {}, ""),
    ("form body", "sqs", "POST", SQS + "/123456789012/queue.fifo",
     {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, "Action=SendMessage&MessageBody=a%20b"),
    ("json body", "dynamodb", "POST", "https://dynamodb.eu-central-1.amazonaws.com/",
     {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.GetItem"}, '{"TableName":"\u00fc"}'),
    ("blanks in a header", "sqs", "GET", SQS + "/", {"My-Header": "  a   b  c  ", "Accept": "text/plain"}, ""),
    ("headers that proxies change", "sqs", "GET", SQS + "/", {"User-Agent": "lode", "Expect": "100-continue"}, ""),
    ("dots in a path", "execute-api", "GET", "https://api.example.com/a/./b/../c//d/", {}, ""),
    ("encoded path", "execute-api", "GET", "https://api.example.com/a%20b/%E1%88%B4/c:d", {}, ""),
    ("port", "sqs", "GET", "http://127.0.0.1:4566/queue", {}, ""),
    ("s3 get", "s3", "GET", S3 + "/plain/key.parquet", {}, ""),
    ("s3 hive path", "s3", "GET", S3 + "/bars/year%3D2024/part%201%2B2.parquet", {}, ""),
    ("s3 dots stay", "s3", "GET", S3 + "/a/./b/../c//d", {}, ""),
    ("s3 put", "s3", "PUT", S3 + "/k", {"If-None-Match": "*", "Content-Type": "application/octet-stream"}, "bytes"),
    ("s3 list", "s3", "GET", S3 + "/?list-type=2&prefix=bars%2Fyear%3D2024%2F&delimiter=%2F&start-after=", {}, ""),
    ("s3 subresource", "s3", "GET", S3 + "/?versioning", {}, ""),
    ("s3 other alphabets", "s3", "GET", S3 + "/%E1%88%B4/%C3%A9~_-.txt", {}, ""),
    ("s3 local", "s3", "PUT", "http://127.0.0.1:9000/bucket/a%3Db", {"Range": "bytes=0-9"}, "x"),
]
SIGNERS = {("sign", "s3"): botocore.auth.S3SigV4Auth, ("presign", "s3"): botocore.auth.S3SigV4QueryAuth,
           ("sign", ""): botocore.auth.SigV4Auth, ("presign", ""): botocore.auth.SigV4QueryAuth}


def answer(kind, service, method, url, headers, body, token):
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    request.context["payload_signing_enabled"] = True
    signer = SIGNERS[kind, "s3" if service == "s3" else ""](
        Credentials(ACCESS, SECRET, TOKEN if token else None), service, "eu-central-1", **({"expires": 900} if kind == "presign" else {}))
    with mock.patch("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: NOW):
        signer.add_auth(request)
    if kind == "sign":
        return request.headers["Authorization"]
    front, _, query = request.url.partition("?")
    return front + "?" + "&".join(sorted(part if "=" in part else part + "=" for part in query.split("&")))


def table():
    lines = []
    for kind in ("sign", "presign"):
        for name, service, method, url, headers, body in CASES:
            if kind == "presign" and (headers or name == "doubled names"):
                continue  # It presigns no headers, and of a doubled name it keeps the first value alone.
            for token in (0, 1):
                lines.append("\t".join([name, kind, service, "eu-central-1", method, url, json.dumps(headers), body, str(token),
                                        answer(kind, service, method, url, headers, body, token)]))
    return "\n".join(lines) + "\n"


def main():
    path, text = Path(sys.argv[1]), table()
    if "--check" not in sys.argv:
        path.write_text(text)
        return 0
    if path.read_text() == text:
        return 0
    print(f"{path} is not what botocore says now", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
