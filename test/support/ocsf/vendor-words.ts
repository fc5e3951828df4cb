/*
 * The words of the Events API, as the vendor's specification 1.4.1 lists them (docs/reference/events-api.md, "Event
 * types"). They are written down here once more, so that no table of the product decides what it is tested with.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

export const CATEGORIES = words(`
  success credentials_failed mfa_failed sso_failed modern_version_failed firewall_failed firewall_reported_success
`)

export const SIGN_IN_TYPES = words(`
  credentials_ok mfa_ok password_secret_bad mfa_missing totp_disabled totp_bad totp_timeout u2f_disabled u2f_bad
  u2f_timeout duo_disabled duo_bad duo_timeout duo_native_bad service_account_sso_denied non_sso_user sso_user_mismatch
  platform_secret_disabled platform_secret_bad platform_secret_proxy code_disabled code_bad code_timeout ip_blocked
  continent_blocked country_blocked anonymous_blocked all_blocked modern_version_missing modern_version_old federated
`)

export const ITEM_ACTIONS = words(`
  fill select-sso-provider enter-item-edit-mode export share secure-copy reveal server-create server-update server-fetch
  other
`)

export const AUDIT_ACTIONS = words(`
  activate addgsso begin beginr cancel cancelr changeks changela changemp changenm changesk chngasso chngdsso chngpsso
  complete completr convert create dealldev delete delgsso delshare deolddev detchild disblduo disblmfa disblsso dlgsess
  dvrfydmn enblduo enblmfa enblsso export grant hide join leave musercom muserdec patch propose provsn prsndall purge
  rdmchild reactive reauth replace resendts revoke role sdvcsso sendpkg sendts share ssotknv suspend tdvcsso trename
  trevoke trvlaway trvlback tverify uisas unhide unknown updatduo update updatea updatfw updatmfa upguest uvrfydmn verify
  view vrfydmn expire launchi unlink
`)

export const OBJECT_TYPES = words(`
  account card device dlgdsess ec famchild file gm group gva invite item itemhist items miguser pm report sa satoken
  slackapp sso ssotkn sub template user uva vault vaultkey cred mngdacc
`)
