import type { Endpoint } from './endpoint.ts';

// Answers about one resource each: `<file>-<name>.json`. Most do not say whose they are, so the name of the file does.
// A resource without a policy has no answer, so a file that is not there says nothing. Any other error stays in the
// file, which is a gap when it is read: a refused call must not look like a resource without a policy.

/** Asks about each of a list. `none`: the error that says that there is nothing; undefined: there always is. */
const EACH = (list: string, name: string, get: string, none?: string): string =>
  `for ${name} in $(${list}); do ${get} 2>&1${none === undefined ? '' : ` || ! grep -q ${none} "$f" || rm "$f"`}; done`;

/** In the order in which they are recorded and read. All are optional. */
export const RESOURCE_ENDPOINTS = {
  bucketPolicy: {
    file: 'bucket-policy',
    command: EACH(
      'aws s3api list-buckets --query "Buckets[].Name" --output text',
      'b',
      'f="bucket-policy-$b.json"; aws s3api get-bucket-policy --bucket "$b" > "$f"',
      'NoSuchBucketPolicy',
    ),
    needs: 's3:ListAllMyBuckets, s3:GetBucketPolicy',
    without: 'whom policies of buckets let in is unknown',
    fields: ['Policy'],
  },
  bucketAccess: {
    file: 'bucket-access',
    command: EACH(
      'aws s3api list-buckets --query "Buckets[].Name" --output text',
      'b',
      'f="bucket-access-$b.json"; aws s3api get-public-access-block --bucket "$b" > "$f"',
      'NoSuchPublicAccessBlockConfiguration',
    ),
    needs: 's3:GetBucketPublicAccessBlock',
    without: 'a bucket that refuses public access as a whole may be called public',
    fields: ['PublicAccessBlockConfiguration'],
  },
  bucketAcl: {
    file: 'bucket-acl',
    command: EACH(
      'aws s3api list-buckets --query "Buckets[].Name" --output text',
      'b',
      'f="bucket-acl-$b.json"; aws s3api get-bucket-acl --bucket "$b" > "$f"',
    ),
    needs: 's3:GetBucketAcl',
    without: 'buckets that an access list opens to everybody are unknown',
    fields: ['Grants'],
  },
  keyPolicy: {
    file: 'key-policy',
    command: EACH(
      'aws kms list-keys --query "Keys[].KeyId" --output text',
      'k',
      'f="key-policy-$k.json"; aws kms get-key-policy --key-id "$k" --policy-name default > "$f"',
    ),
    needs: 'kms:ListKeys, kms:GetKeyPolicy',
    without: 'who may use keys of KMS is unknown',
    fields: ['Policy'],
  },
  secretPolicy: {
    file: 'secret-policy',
    command:
      'n=0; for s in $(aws secretsmanager list-secrets --query "SecretList[].ARN" --output text); do n=$((n+1)); aws secretsmanager get-resource-policy --secret-id "$s" > secret-policy-$n.json; done',
    needs: 'secretsmanager:ListSecrets, secretsmanager:GetResourcePolicy',
    without: 'who may read stored secrets by their own policies is unknown',
    fields: ['ARN'],
  },
  queue: {
    file: 'queue',
    command:
      'n=0; for q in $(aws sqs list-queues --query "QueueUrls[]" --output text); do n=$((n+1)); aws sqs get-queue-attributes --queue-url "$q" --attribute-names QueueArn Policy > queue-$n.json; done',
    needs: 'sqs:ListQueues, sqs:GetQueueAttributes',
    without: 'who may use queues is unknown',
    fields: ['Attributes'],
  },
  topic: {
    file: 'topic',
    command:
      'n=0; for t in $(aws sns list-topics --query "Topics[].TopicArn" --output text); do n=$((n+1)); aws sns get-topic-attributes --topic-arn "$t" > topic-$n.json; done',
    needs: 'sns:ListTopics, sns:GetTopicAttributes',
    without: 'who may use topics is unknown',
    fields: ['Attributes'],
  },
  functionPolicy: {
    file: 'function-policy',
    command: EACH(
      'aws lambda list-functions --query "Functions[].FunctionName" --output text',
      'l',
      'f="function-policy-$l.json"; aws lambda get-policy --function-name "$l" > "$f"',
      'ResourceNotFoundException',
    ),
    needs: 'lambda:ListFunctions, lambda:GetPolicy',
    without: 'who may start functions is unknown',
    fields: ['Policy'],
  },
  repositoryPolicy: {
    file: 'repository-policy',
    command:
      'n=0; for r in $(aws ecr describe-repositories --query "repositories[].repositoryName" --output text); do n=$((n+1)); f="repository-policy-$n.json"; aws ecr get-repository-policy --repository-name "$r" > "$f" 2>&1 || ! grep -q RepositoryPolicyNotFoundException "$f" || { rm "$f"; n=$((n-1)); }; done',
    needs: 'ecr:DescribeRepositories, ecr:GetRepositoryPolicy',
    without: 'who may use repositories of images is unknown',
    fields: ['policyText'],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type ResourceEndpoint = keyof typeof RESOURCE_ENDPOINTS;
