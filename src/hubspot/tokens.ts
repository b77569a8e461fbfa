import { AppError } from '../core/errors.ts';

/** Where the current token comes from. What was refused is told, so that a source does not answer it again before its time is over. */
export type AccessToken = (refused?: string) => Promise<string>;

export interface Tokens {
  current(): Promise<string>;
  /** the token after one that HubSpot refused; the same one when there is no newer */
  after(refused: string): Promise<string>;
}

/** Asks for the token once at a time, however many want it: each question may be a refresh. */
export function createTokens(accessToken: AccessToken): Tokens {
  let asking: Promise<string> | null = null;
  const ask = (refused?: string): Promise<string> => {
    asking ??= accessToken(refused)
      .then(sendable)
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  return {
    current: () => ask(),
    after: async (refused) => {
      // A question that was put before the refusal knows nothing of it.
      const earlier = asking;
      const token = await ask(refused);
      return token === refused && earlier !== null ? ask(refused) : token;
    },
  };
}

// A token with a line break or a letter from another alphabet cannot be a header: the error would quote it.
function sendable(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new AppError(
    'unauthenticated',
    'The HubSpot access token is empty or has characters that no token has. Copy it again from HubSpot, set HUBSPOT_ACCESS_TOKEN, and start again.',
  );
}
