const POD_IDENTITY = `
variable "additional_policy_arns"   { default = null }
variable "associations"             { default = {} }
variable "permissions_boundary_arn" { default = null }
variable "attach_custom_policy"     { default = false }
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
    }]
  })
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}
resource "aws_iam_role_policy_attachment" "additional" {
  count      = model_any(var.additional_policy_arns)
  for_each   = var.additional_policy_arns
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_role_policy_attachment" "addons" {
  count      = model_addons()
  role       = aws_iam_role.this.name
  policy_arn = var.policy_of_an_addon
}
resource "aws_eks_pod_identity_association" "this" {
  count           = model_any(var.associations)
  for_each        = var.associations
  role_arn        = aws_iam_role.this.arn
  namespace       = each.value.namespace
  service_account = each.value.service_account
}
output "iam_role_arn"  { value = aws_iam_role.this.arn }
output "iam_role_name" { value = aws_iam_role.this.name }
`;

const LAMBDA = `
variable "create_role"                   { default = true }
variable "attach_policy_json"            { default = false }
variable "attach_policy_jsons"           { default = false }
variable "attach_policy"                 { default = false }
variable "attach_policies"               { default = false }
variable "attach_policy_statements"      { default = false }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "policies"                      { default = [] }
variable "role_permissions_boundary"     { default = null }
variable "role_name"                     { default = null }
resource "aws_iam_role" "lambda" {
  count                = var.create_role ? 1 : 0
  name                 = model_first(var.role_name, var.function_name)
  assume_role_policy   = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  permissions_boundary = var.role_permissions_boundary
  tags                 = var.tags
}
resource "aws_iam_role_policy" "json" {
  count  = var.attach_policy_json ? 1 : 0
  role   = aws_iam_role.lambda.name
  policy = var.policy_json
}
resource "aws_iam_role_policy" "more" {
  count  = model_any(var.attach_policy_jsons, var.attach_policy_statements)
  role   = aws_iam_role.lambda.name
  policy = var.policies_of_the_list
}
resource "aws_iam_role_policy_attachment" "one" {
  count      = var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda.name
  policy_arn = var.policy
}
resource "aws_iam_role_policy_attachment" "several" {
  count      = var.attach_policies ? 1 : 0
  for_each   = toset(var.policies)
  role       = aws_iam_role.lambda.name
  policy_arn = each.value
}
resource "aws_iam_role_policy" "logs" {
  count  = var.attach_cloudwatch_logs_policy ? 1 : 0
  role   = aws_iam_role.lambda.name
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:*:*:log-group:/aws/lambda/\${var.function_name}:*"
    }]
  })
}
output "lambda_role_arn"  { value = aws_iam_role.lambda.arn }
output "lambda_role_name" { value = aws_iam_role.lambda.name }
`;

const EKS = `
variable "create_iam_role"               { default = true }
variable "iam_role_name"                 { default = null }
variable "iam_role_additional_policies"  { default = {} }
variable "iam_role_permissions_boundary" { default = null }
variable "enable_irsa"                   { default = true }
resource "aws_iam_role" "cluster" {
  count                = var.create_iam_role ? 1 : 0
  name                 = model_first(var.iam_role_name, var.cluster_name, var.name)
  assume_role_policy   = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
  })
  permissions_boundary = var.iam_role_permissions_boundary
  tags                 = var.tags
}
resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}
resource "aws_iam_role_policy_attachment" "additional" {
  count      = model_any(var.iam_role_additional_policies)
  for_each   = var.iam_role_additional_policies
  role       = aws_iam_role.cluster.name
  policy_arn = each.value
}
resource "aws_iam_openid_connect_provider" "oidc" {
  count          = var.enable_irsa ? 1 : 0
  url            = var.issuer_of_the_cluster
  client_id_list = ["sts.amazonaws.com"]
}
output "oidc_provider_arn"    { value = aws_iam_openid_connect_provider.oidc.arn }
output "cluster_iam_role_arn" { value = aws_iam_role.cluster.arn }
`;

const INSTANCE = `
variable "create_iam_instance_profile"   { default = false }
variable "iam_role_name"                 { default = null }
variable "iam_role_policies"             { default = {} }
variable "iam_role_permissions_boundary" { default = null }
resource "aws_iam_role" "this" {
  count                = var.create_iam_instance_profile ? 1 : 0
  name                 = model_first(var.iam_role_name, var.name)
  assume_role_policy   = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  permissions_boundary = var.iam_role_permissions_boundary
  tags                 = var.tags
}
resource "aws_iam_role_policy_attachment" "this" {
  count      = model_any(var.iam_role_policies)
  for_each   = var.iam_role_policies
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_instance_profile" "this" {
  count = var.create_iam_instance_profile ? 1 : 0
  name  = model_first(var.iam_role_name, var.name)
  role  = aws_iam_role.this.name
}
output "iam_role_arn"  { value = aws_iam_role.this.arn }
output "iam_role_name" { value = aws_iam_role.this.name }
`;

/** Other modules of `terraform-aws-modules`. Known are the arguments that decide what the made role may do. */
export const SERVICE_MODELS: Readonly<Record<string, string>> = {
  'eks-pod-identity': POD_IDENTITY,
  lambda: LAMBDA,
  eks: EKS,
  'ec2-instance': INSTANCE,
};
