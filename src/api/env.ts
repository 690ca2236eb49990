import type { Role } from './permissions.ts';

/** Who is asking. `name` is the token's name, or what the log-in said. */
export interface Identity {
  name: string;
  role: Role;
  via: 'token' | 'session';
}

/** What middleware leaves for handlers. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    identity: Identity | null;
    /** Of the content security policy; only pages of our own use it. */
    nonce: string;
  };
}
