/**
 * Which actions occur with which object: all 79 actions and all 30 objects (docs/reference/events-api.md, "Audit
 * events"). The pairs are plausible, but the vendor publishes no full table. Each entry is `action` or `action:weight`;
 * the weight is 1 if none is given.
 */
export const ACTIONS_BY_OBJECT: Readonly<Record<string, string>> = {
  account:
    'activate convert changela changenm updatea updatfw:2 enblduo updatduo disblduo enblmfa updatmfa disblmfa patch vrfydmn uvrfydmn dvrfydmn unknown',
  card: 'create update delete replace',
  cred: 'create:6 update:2 delete:2 verify:6',
  device: 'create:60 update:30 delete:8 reauth:20 sdvcsso:2 tdvcsso:3',
  dlgdsess: 'dlgsess:8 create:8 delete:3 expire:6',
  ec: 'propose verify complete cancel',
  famchild: 'rdmchild detchild',
  file: 'create:10 delete:4 view:4',
  gm: 'join:24 leave:10 role:4',
  group: 'create:4 update:6 delete:2 purge',
  gva: 'grant:10 update:5 revoke:5',
  invite: 'create:8 delete:2 resendts:2 sendts:2 prsndall expire:2',
  item: 'create:30 update:30 delete:8 share:12 delshare:4 uisas:2 launchi:6 patch:4 export:2',
  itemhist: 'view:8 purge delete',
  items: 'purge:2 delete:2 export:2 replace',
  miguser: 'musercom muserdec',
  mngdacc: 'create activate unlink',
  pm: 'create update delete',
  report: 'view:20 export:4 create:2',
  sa: 'create:3 update:2 delete',
  satoken: 'create:4 tverify:10 trename trevoke:2 expire',
  slackapp: 'create update delete',
  sso: 'enblsso disblsso chngpsso chngasso chngdsso addgsso delgsso',
  ssotkn: 'ssotknv:4 create',
  sub: 'update cancel activate',
  template: 'create update delete hide unhide',
  user: 'activate:5 begin:2 complete:2 beginr:3 completr:3 cancelr suspend:4 reactive:2 delete:3 provsn:4 sendpkg:4 upguest changeks:2 changemp:8 changesk:4 changenm:4 changela:2 trvlaway:4 trvlback:4 dealldev:2 deolddev:2 update:8',
  uva: 'grant:8 update:4 revoke:4 hide unhide',
  vault: 'create:6 update:8 delete:3 export:2 hide unhide',
  vaultkey: 'replace create:2',
}
