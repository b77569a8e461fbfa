import type { RunningProduct } from './product.ts';

/** Signs in as a person does: opens the one-time address, presses the button. Answers the cookie for further requests. */
export async function signIn(product: Pick<RunningProduct, 'signInUrl'>): Promise<{ cookie: string }> {
  const page = await fetch(product.signInUrl);
  const nonce = /name="nonce" value="([^"]+)"/.exec(await page.text())?.[1];
  if (nonce === undefined) throw new Error(`The sign-in page answered ${page.status} without a form.`);
  const answer = await fetch(product.signInUrl, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ nonce }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`Signing in was answered ${answer.status} without a session.`);
  return { cookie };
}
