// Stock tus-js-client as a device: what an app writes around it is the token, and when to try again.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Upload } from 'tus-js-client';
import { obey } from './device.mjs';

const sha256 = (bytes, form) => createHash('sha256').update(bytes).digest(form);
let adres;

await obey({
  begin: (velden) => { adres = velden.adres; },
  // tokens: the newest last; the next is taken after `wissel` requests, or when the server says that one is over
  verstuur: ({ pad, bijlage, tokens, stuk, controle = false, url = null, wissel = Infinity }) => {
    const inhoud = readFileSync(pad);
    const statussen = [];
    return new Promise((resolve, reject) => {
      const upload = new Upload(inhoud, {
        endpoint: `${adres}/v1/bijlagen/uploads`,
        uploadUrl: url,
        metadata: { bijlage, sha256: sha256(inhoud, 'hex') },
        chunkSize: stuk ?? Number.POSITIVE_INFINITY,
        retryDelays: [0, 100, 200, 400, 800],
        onBeforeRequest: (req) => { // an app knows how long its token lasts, and renews it here
          if (statussen.length === wissel) tokens.shift();
          req.setHeader('Authorization', `Bearer ${tokens[0]}`);
          if (controle && req.getMethod() === 'PATCH') {
            const vanaf = Number(req.getHeader('Upload-Offset'));
            req.setHeader('Upload-Checksum', `sha256 ${sha256(inhoud.subarray(vanaf, vanaf + stuk), 'base64')}`);
          }
        },
        onAfterResponse: (_req, res) => { statussen.push(res.getStatus()); },
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0;
          if (status === 401 && tokens.length > 1) { tokens.shift(); return true; }
          return status < 400 || status >= 500 || [408, 409, 429, 460].includes(status);
        },
        onError: reject,
        onSuccess: () => resolve({ url: upload.url, statussen }),
      });
      upload.start();
    });
  },
  geef_op: async ({ url, tokens }) => {
    await Upload.terminate(url, { onBeforeRequest: (req) => req.setHeader('Authorization', `Bearer ${tokens[0]}`) });
  },
});
