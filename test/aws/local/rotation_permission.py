"""Whether a function's policy lets Secrets Manager invoke it for a secret."""

from fnmatch import fnmatchcase

from ministack.core.arn import parse_arn
from ministack.services import lambda_svc

SERVICE = "secretsmanager.amazonaws.com"
ACTIONS = ("lambda:InvokeFunction", "lambda:*")


def may_invoke(function, secret_arn):
    record, _, _ = lambda_svc._get_func_record_for_ref(function)
    statements = record["policy"]["Statement"] if record else []
    return any(grants(statement, secret_arn) for statement in statements)


def grants(statement, secret_arn):
    # MiniStack keeps the principal as a string where CloudFormation made the permission
    principal = statement["Principal"]
    service = principal.get("Service") if isinstance(principal, dict) else principal
    return (
        service == SERVICE
        and statement["Action"] in ACTIONS
        and fulfils(statement.get("Condition", {}), secret_arn)
    )


def fulfils(condition, secret_arn):
    account = condition.get("StringEquals", {}).get("AWS:SourceAccount")
    source = condition.get("ArnLike", {}).get("AWS:SourceArn", "*")
    return account in (None, parse_arn(secret_arn).account_id) and fnmatchcase(secret_arn, source)
