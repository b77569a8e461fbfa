import { describe, expect, it } from 'vitest';
import { answered, clientFor, MINUTE_MS, openFake, type Answered, type Asker } from './fake-client.ts';

const DETAILS = '/account-info/2026-09/details';

async function post({ fake }: Asker, path: string, form: Record<string, string>): Promise<Answered> {
  const { clientId, clientSecret } = fake.oauth;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  return answered(fetch(`${fake.url}/oauth/2026-09/${path}`, { method: 'POST', body }));
}

function tokensOf({ body }: Answered): { access_token: string; refresh_token: string } {
  return body as ReturnType<typeof tokensOf>;
}

async function statusWith({ fake }: Asker, accessToken: string): Promise<number> {
  return (await answered(clientFor(fake, accessToken).apiRequest({ method: 'GET', path: DETAILS }))).status;
}

const CODE = { grant_type: 'authorization_code', code: 'fake-code', redirect_uri: 'http://localhost/back' };
const REFRESH = { grant_type: 'refresh_token', refresh_token: 'fake-refresh' };

describe('a token', () => {
  it('comes for a code, once, and opens the account it names', async () => {
    const asker = await openFake();
    asker.fake.oauth.scopes = ['oauth', 'crm.objects.companies.read'];
    const given = await post(asker, 'token', CODE);
    expect(given.body).toMatchObject({
      expires_in: 1800,
      token_type: 'bearer',
      hub_id: 4_242_424,
      scopes: ['oauth', 'crm.objects.companies.read'],
    });
    expect(await statusWith(asker, tokensOf(given).access_token)).toBe(200);
    expect((await post(asker, 'token', CODE)).body).toMatchObject({ error: 'invalid_grant' });
    expect(asker.fake.oauth.issued()).toBe(1);
  });

  it('ends after thirty minutes, and says so in other words than an unknown one', async () => {
    const asker = await openFake();
    const { access_token: token } = tokensOf(await post(asker, 'token', REFRESH));
    await asker.clock.advance(30 * MINUTE_MS - 1);
    expect(await statusWith(asker, token)).toBe(200);
    await asker.clock.advance(3 * MINUTE_MS);
    const { status, body } = await answered(
      clientFor(asker.fake, token).apiRequest({ method: 'GET', path: DETAILS }),
    );
    expect([status, body]).toMatchObject([
      401,
      { category: 'EXPIRED_AUTHENTICATION', message: expect.stringContaining('expired 2 minute') },
    ]);
  });

  it('can be ended before its time', async () => {
    const asker = await openFake();
    const { access_token: token } = tokensOf(await post(asker, 'token', REFRESH));
    asker.fake.oauth.expireAll();
    expect(await statusWith(asker, token)).toBe(401);
    expect(await statusWith(asker, asker.fake.oauth.staticToken)).toBe(200);
  });

  it('is refreshed by the same refresh token, or by a new one each time', async () => {
    const asker = await openFake();
    expect(tokensOf(await post(asker, 'token', REFRESH)).refresh_token).toBe('fake-refresh');
    asker.fake.oauth.rotates = true;
    const { refresh_token: next } = tokensOf(await post(asker, 'token', REFRESH));
    expect(next).not.toBe('fake-refresh');
    expect((await post(asker, 'token', REFRESH)).body).toMatchObject({ status: 'BAD_REFRESH_TOKEN' });
    expect((await post(asker, 'token', { ...REFRESH, refresh_token: next })).status).toBe(200);
  });

  it('is refused to an app with a wrong secret in other words than to one that was removed', async () => {
    const asker = await openFake();
    const wrong = await post(asker, 'token', { ...REFRESH, client_secret: 'nonsense' });
    expect([wrong.status, wrong.body]).toMatchObject([400, { error: 'invalid_client' }]);
    asker.fake.oauth.refreshTokens.clear();
    const removed = await post(asker, 'token', REFRESH);
    expect([removed.status, removed.body]).toMatchObject([
      400,
      { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' },
    ]);
  });

  it('can be asked about, while it works and after', async () => {
    const asker = await openFake();
    const { access_token: token } = tokensOf(await post(asker, 'token', REFRESH));
    await asker.clock.advance(10 * MINUTE_MS);
    const about = await post(asker, 'token/introspect', { token });
    expect(about.body).toMatchObject({
      active: true,
      token_use: 'access_token',
      hub_id: 4_242_424,
      expires_in: 1200,
    });
    expect((await post(asker, 'token/introspect', { token: 'fake-refresh' })).body).toMatchObject({
      active: true,
      token_use: 'refresh_token',
    });
    await asker.clock.advance(20 * MINUTE_MS);
    expect((await post(asker, 'token/introspect', { token })).body).toEqual({ active: false });
    expect((await post(asker, 'token/introspect', { token, client_secret: 'x' })).status).toBe(400);
  });

  it('can be revoked', async () => {
    const asker = await openFake();
    const { access_token: token } = tokensOf(await post(asker, 'token', REFRESH));
    expect((await post(asker, 'token/revoke', { token: 'fake-refresh' })).status).toBe(200);
    expect((await post(asker, 'token', REFRESH)).body).toMatchObject({ status: 'BAD_REFRESH_TOKEN' });
    expect(await statusWith(asker, token)).toBe(200);
    await post(asker, 'token/revoke', { token });
    expect(await statusWith(asker, token)).toBe(401);
  });
});

describe('an uninstall', () => {
  it('asked for by the app ends every token of the account', async () => {
    const asker = await openFake();
    const { access_token: token } = tokensOf(await post(asker, 'token', REFRESH));
    const client = clientFor(asker.fake, token);
    const gone = await answered(
      client.apiRequest({ method: 'DELETE', path: '/appinstalls/2026-09/external-install' }),
    );
    expect(gone.status).toBe(204);
    expect(await statusWith(asker, token)).toBe(401);
    expect((await post(asker, 'token', REFRESH)).body).toMatchObject({ status: 'BAD_REFRESH_TOKEN' });
  });

  it('needs a token that works', async () => {
    const asker = await openFake();
    const gone = clientFor(asker.fake, 'nonsense').apiRequest({
      method: 'DELETE',
      path: '/appinstalls/2026-09/external-install',
    });
    expect((await answered(gone)).status).toBe(401);
    expect((await post(asker, 'token', REFRESH)).status).toBe(200);
  });
});
