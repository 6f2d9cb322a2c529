// Loaded before every function's code: CloudTrail tells by it which function made a call.
process.env.AWS_SESSION_TOKEN = process.env._LAMBDA_FUNCTION_ARN;
