/** What the arguments of a role have in common in these modules. */
const ATTACHED = `
resource "aws_iam_role_policy_attachment" "this" {
  for_each   = model_first(var.role_policy_arns, var.policies)
  count      = model_any(var.role_policy_arns, var.policies)
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_role_policy_attachment" "addons" {
  count      = model_addons()
  role       = aws_iam_role.this.name
  policy_arn = var.policy_of_an_addon
}
output "iam_role_arn"  { value = aws_iam_role.this.arn }
output "iam_role_name" { value = aws_iam_role.this.name }
output "arn"           { value = aws_iam_role.this.arn }
output "name"          { value = aws_iam_role.this.name }
variable "tags" { default = {} }
`;

const IRSA = `
variable "create_role" { default = true }
variable "create"      { default = true }
resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = model_first(var.role_name, var.name, var.role_name_prefix)
  assume_role_policy   = model_irsa_trust(var.oidc_providers)
  max_session_duration = var.max_session_duration
  permissions_boundary = model_first(var.role_permissions_boundary_arn, var.permissions_boundary)
  description          = model_first(var.role_description, var.description)
  tags                 = var.tags
}
variable "role_policy_arns"              { default = null }
variable "policies"                      { default = null }
variable "role_permissions_boundary_arn" { default = null }
variable "permissions_boundary"          { default = null }
${ATTACHED}`;

const ASSUMABLE = `
variable "create_role"                   { default = false }
variable "role_permissions_boundary_arn" { default = null }
variable "custom_role_trust_policy"      { default = "" }
variable "attach_admin_policy"           { default = false }
variable "attach_poweruser_policy"       { default = false }
variable "attach_readonly_policy"        { default = false }
variable "custom_role_policy_arns"       { default = [] }
variable "trusted_role_arns"             { default = [] }
variable "trusted_role_services"         { default = [] }
variable "tags"                          { default = {} }
resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  assume_role_policy   = model_first(var.custom_role_trust_policy, jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = var.trusted_role_arns, Service = var.trusted_role_services }
    }]
  }))
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  description          = var.role_description
  tags                 = var.tags
}
resource "aws_iam_role_policy_attachment" "custom" {
  count      = model_any(var.custom_role_policy_arns)
  for_each   = toset(var.custom_role_policy_arns)
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_role_policy_attachment" "admin" {
  count      = var.attach_admin_policy ? 1 : 0
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_role_policy_attachment" "poweruser" {
  count      = var.attach_poweruser_policy ? 1 : 0
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
resource "aws_iam_role_policy_attachment" "readonly" {
  count      = var.attach_readonly_policy ? 1 : 0
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
output "iam_role_arn"  { value = aws_iam_role.this.arn }
output "iam_role_name" { value = aws_iam_role.this.name }
`;

const OIDC_ROLE = `
variable "create_role"                    { default = false }
variable "role_permissions_boundary_arn"  { default = null }
variable "oidc_fully_qualified_subjects"  { default = [] }
variable "oidc_subjects_with_wildcards"   { default = [] }
variable "role_policy_arns"               { default = [] }
variable "policies"                       { default = null }
resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  assume_role_policy   = var.trust_of_its_providers
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  tags                 = var.tags
}
${ATTACHED}`;

const GITHUB_ROLE = `
variable "audience"                 { default = "sts.amazonaws.com" }
variable "subjects"                 { default = [] }
variable "policies"                 { default = null }
variable "role_policy_arns"         { default = null }
variable "permissions_boundary_arn" { default = null }
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::\${var.account}:oidc-provider/token.actions.githubusercontent.com" }
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = var.audience }
        StringLike   = { "token.actions.githubusercontent.com:sub" = var.subjects }
      }
    }]
  })
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}
${ATTACHED}`;

const GITHUB_PROVIDER = `
variable "url"            { default = "https://token.actions.githubusercontent.com" }
variable "client_id_list" { default = ["sts.amazonaws.com"] }
resource "aws_iam_openid_connect_provider" "this" {
  url            = var.url
  client_id_list = var.client_id_list
}
output "arn" { value = aws_iam_openid_connect_provider.this.arn }
`;

const POLICY = `
resource "aws_iam_policy" "this" {
  name   = var.name
  policy = var.policy
  tags   = var.tags
}
output "arn" { value = aws_iam_policy.this.arn }
output "id"  { value = aws_iam_policy.this.id }
`;

const USER = `
variable "create_iam_access_key"         { default = true }
variable "create_iam_user_login_profile" { default = true }
variable "permissions_boundary"          { default = null }
variable "policy_arns"                   { default = [] }
variable "tags"                          { default = {} }
resource "aws_iam_user" "this" {
  name                 = var.name
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}
resource "aws_iam_access_key" "this" {
  count = var.create_iam_access_key ? 1 : 0
  user  = aws_iam_user.this.name
}
resource "aws_iam_user_login_profile" "this" {
  count = var.create_iam_user_login_profile ? 1 : 0
  user  = aws_iam_user.this.name
}
resource "aws_iam_user_policy_attachment" "this" {
  count      = model_any(var.policy_arns)
  for_each   = toset(var.policy_arns)
  user       = aws_iam_user.this.name
  policy_arn = each.value
}
output "iam_user_arn"  { value = aws_iam_user.this.arn }
output "iam_user_name" { value = aws_iam_user.this.name }
`;

const GROUP = `
variable "custom_group_policy_arns" { default = [] }
variable "custom_group_policies"    { default = [] }
variable "group_users"              { default = [] }
variable "tags"                     { default = {} }
resource "aws_iam_group" "this" { name = var.name }
resource "aws_iam_group_membership" "this" {
  group = aws_iam_group.this.name
  users = var.group_users
}
resource "aws_iam_group_policy_attachment" "this" {
  count      = model_any(var.custom_group_policy_arns)
  for_each   = toset(var.custom_group_policy_arns)
  group      = aws_iam_group.this.name
  policy_arn = each.value
}
resource "aws_iam_group_policy" "this" {
  count  = model_any(var.custom_group_policies)
  group  = aws_iam_group.this.name
  policy = var.policies_of_the_list
}
output "group_name" { value = aws_iam_group.this.name }
output "group_arn"  { value = aws_iam_group.this.arn }
`;

/** Modules of `terraform-aws-modules/iam`, versions 5 and 6: the arguments that decide what the made role may do. */
export const IAM_MODELS: Readonly<Record<string, string>> = {
  'iam/iam-role-for-service-accounts-eks': IRSA,
  'iam/iam-role-for-service-accounts': IRSA,
  'iam/iam-assumable-role': ASSUMABLE,
  'iam/iam-assumable-role-with-oidc': OIDC_ROLE,
  'iam/iam-github-oidc-role': GITHUB_ROLE,
  'iam/iam-github-oidc-provider': GITHUB_PROVIDER,
  'iam/iam-policy': POLICY,
  'iam/iam-user': USER,
  'iam/iam-group-with-policies': GROUP,
};
