/**
 * Everything on the device is sealed: AES-GCM under one data key, each value bound to its place. The data key is kept
 * wrapped by the PIN (PBKDF2). Six digits fall to who has a copy of the device and time: the device itself must be encrypted.
 */
import { type Bytes, joined, random, utf8 } from './bytes.ts';

const [IV, ZOUT, RONDES] = [12, 16, 600_000];

export class Zegel {
  private readonly key: CryptoKey;

  constructor(key: CryptoKey) {
    this.key = key;
  }

  /** A new data key; it can be wrapped, and after that only used. */
  static generate(): Promise<CryptoKey> {
    return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  }

  /** `plaats` says where it is kept: sealed bytes that were put elsewhere do not open. */
  async seal(plaats: string, plain: Bytes): Promise<Bytes> {
    const iv = random(IV);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(plaats) }, this.key, plain);
    return joined(iv, new Uint8Array(sealed));
  }

  /** Throws OperationError for what this key did not seal for `plaats`. */
  async open(plaats: string, sealed: Bytes): Promise<Bytes> {
    const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, IV), additionalData: utf8(plaats) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.key, sealed.slice(IV)));
  }
}

/** The data key as it is kept: the salt of the PIN, and the key under what that PIN gives. */
export interface Omhulsel {
  readonly zout: Bytes;
  readonly sleutel: Bytes;
}

export async function wrap(key: CryptoKey, pin: string): Promise<Omhulsel> {
  const zout = random(ZOUT);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', key));
  return { zout, sleutel: await (await fromPin(pin, zout)).seal('gegevenssleutel', raw) };
}

/** The data key; null where the PIN is another. From here on nobody can take it out of the browser. */
export async function unwrap(kept: Omhulsel, pin: string): Promise<CryptoKey | null> {
  try {
    const raw = await (await fromPin(pin, kept.zout)).open('gegevenssleutel', kept.sleutel);
    return await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}

async function fromPin(pin: string, salt: Bytes): Promise<Zegel> {
  const word = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: RONDES };
  return new Zegel(await crypto.subtle.deriveKey(how, word, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
}
