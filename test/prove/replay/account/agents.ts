/** User agents, in the forms in which the SDKs write themselves into CloudTrail. */
export const AGENT = {
  nodeOnEcs:
    'aws-sdk-js/3.1121.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.9.0 api/secrets-manager#3.1121.0 exec-env/AWS_ECS_FARGATE',
  nodeOnHost:
    'aws-sdk-js/3.1121.0 ua/2.1 os/darwin#25.0.0 lang/js md/nodejs#24.9.0 api/secrets-manager#3.1121.0',
  nodeOnLambda:
    'aws-sdk-js/3.1098.0 ua/2.1 os/linux#5.10 lang/js md/nodejs#24.4.1 api/secrets-manager#3.1098.0 exec-env/AWS_Lambda_nodejs24.x',
  pythonOnLambda:
    'Boto3/1.42.3 md/Botocore#1.42.3 ua/2.1 os/linux#5.10 md/arch#aarch64 lang/python#3.13.9 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 cfg/retry-mode#standard Botocore/1.42.3',
  pythonOnEcs:
    'Boto3/1.40.11 md/Botocore#1.40.11 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.12.8 md/pyimpl#CPython exec-env/AWS_ECS_FARGATE cfg/retry-mode#standard Botocore/1.40.11',
  pythonOnHost:
    'Boto3/1.39.4 md/Botocore#1.39.4 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.11.6 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.39.4',
  java: 'aws-sdk-java/2.33.1 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.8 md/OpenJDK_64-Bit_Server_VM exec-env/AWS_ECS_FARGATE',
  laterJava:
    'aws-sdk-java/2.39.6 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.9 md/OpenJDK_64-Bit_Server_VM exec-env/AWS_ECS_FARGATE',
  go: 'aws-sdk-go/1.55.5 (go1.22.4; linux; amd64) exec-env/AWS_ECS_FARGATE',
  laterGo:
    'aws-sdk-go-v2/1.40.1 ua/2.1 os/linux lang/go#1.25.1 md/GOOS#linux md/GOARCH#amd64 api/secretsmanager#1.40.2 exec-env/AWS_ECS_FARGATE',
  cliOnRunner:
    'aws-cli/2.31.18 md/awscrt#0.27.6 ua/2.1 os/linux#6.11 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython md/installer#exe md/command#secretsmanager.get-secret-value',
  cliOnMac:
    'aws-cli/2.31.22 md/awscrt#0.28.1 ua/2.1 os/macos#25.0 md/arch#arm64 lang/python#3.13.7 md/pyimpl#CPython md/installer#source md/command#secretsmanager.get-secret-value',
  cliInCloudShell:
    'aws-cli/2.31.18 md/awscrt#0.27.6 exec-env/CloudShell ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython md/installer#exe md/command#secretsmanager.get-secret-value',
  browser:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  terraform:
    'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.14.1 aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 api/secretsmanager#1.39.6',
  cloudFormation: 'cloudformation.amazonaws.com',
} as const;

/** What intruders' tools and servers announce themselves with. */
export const INTRUDERS = [
  'aws-cli/2.28.4 md/awscrt#0.27.4 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython md/installer#exe md/command#secretsmanager.get-secret-value',
  'aws-cli/1.22.34 Python/3.10.12 Linux/5.15.0-91-generic botocore/1.23.34',
  'Boto3/1.26.27 Python/3.9.2 Linux/6.1.0-kali9-amd64 Botocore/1.29.27',
  'Boto3/1.34.46 md/Botocore#1.34.46 ua/2.0 os/linux#6.6.15-amd64 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.46',
  'aws-sdk-go-v2/1.24.0 os/linux lang/go#1.21.5 md/GOOS#linux md/GOARCH#amd64 api/secretsmanager#1.25.5',
  'TruffleHog',
  'python-requests/2.32.3',
] as const;
