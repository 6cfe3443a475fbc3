// Whoever a device script is signed in as.
import { keyed } from './device.mjs';
import { makeToken } from './uit_docs/api.mjs';

/** `token` for makeApi of whom `who()` tells: its token of this moment, or with a `login` one that renews itself. */
export function tokenOf(who, patience) {
  let signed;
  return (old) => {
    const { adres, token, login } = who();
    if (login) signed ??= makeToken(adres, keyed(), async () => ({ client_id: login.client_id, ...login.form }), patience);
    return login ? signed(old) : token;
  };
}
