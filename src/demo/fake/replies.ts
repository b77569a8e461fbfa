import type { z } from 'zod';
import type { FakeReply } from './types.ts';

/** HubSpot's error body. */
export function refusal(
  status: number,
  category: string,
  message: string,
  extra: Record<string, unknown> = {},
): FakeReply {
  return { status, body: { status: 'error', message, correlationId: `fake-${status}`, category, ...extra } };
}

export function notFound(what: string): FakeReply {
  return refusal(404, 'OBJECT_NOT_FOUND', `${what} was not found.`);
}

export function invalid(message: string): FakeReply {
  return refusal(400, 'VALIDATION_ERROR', message);
}

/** HubSpot's refusal of a body that is not of the form it wants. */
export function invalidJson(error: z.ZodError): FakeReply {
  const [issue] = error.issues;
  return invalid(`Invalid input JSON: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** The three texts in which HubSpot says that a scope is missing. */
export function missingScope(scope: string, text: 0 | 1 | 2): FakeReply {
  if (text === 0) {
    return refusal(
      403,
      'MISSING_SCOPES',
      `This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.`,
      {
        errors: [
          {
            message: 'One or more of the following scopes are required.',
            context: { requiredGranularScopes: [scope] },
          },
        ],
        links: { scopes: 'https://developers.hubspot.com/scopes' },
      },
    );
  }
  if (text === 1)
    return refusal(
      403,
      'MISSING_SCOPES',
      `The scope needed for this API call isn't available for public use, or requires all of [${scope}].`,
    );
  return {
    status: 403,
    body: {
      status: 'error',
      message: `This oauth-token (CJSP5qf1KhICAQEYs-gDIIGOBii1hQIyGQ) does not have proper permissions! (requires all of [${scope}])`,
      correlationId: 'fake-403',
    },
  };
}

/** An error page of the network in front of HubSpot. */
export function htmlPage(status: 502 | 503 | 520 | 521 | 522 | 524 | 530): FakeReply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html><head><title>api.hubapi.com | ${status}</title></head><body><h1>Error ${status}</h1></body></html>`,
  };
}
