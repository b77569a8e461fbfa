import { expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../src/core/errors.ts';
import { problemOf } from '../../src/http/problem.ts';

it('gives each refusal its status and its own sentence, and logs only those that are a fault of ours', () => {
  const wanted: Record<ErrorCode, [status: number, isFault: boolean]> = {
    invalid: [400, false],
    unauthenticated: [401, false],
    forbidden: [403, false],
    not_found: [404, false],
    conflict: [409, false],
    too_many: [429, false],
    upstream: [502, false],
    unavailable: [503, true],
  };
  for (const [code, [status, isFault]] of Object.entries(wanted)) {
    const error = new AppError(code as ErrorCode, `sentence of ${code}`, { cause: new Error('inner') });
    expect(problemOf(error, 'r1')).toEqual({ status, code, message: `sentence of ${code}`, isFault });
  }
});

it('names the first field that is wrong', () => {
  const Form = z.object({ name: z.string('Give a name.'), age: z.number('Give an age.') });
  const { error } = Form.safeParse({});
  expect(problemOf(error, 'r1')).toEqual({
    status: 400,
    code: 'invalid',
    message: 'Give a name.',
    isFault: false,
  });
});

it('says of a fault only its number', () => {
  const thrown = [
    new Error('canary: password=1'),
    new TypeError('canary'),
    'canary',
    null,
    { status: 500, message: 'canary' },
    { status: 200 },
    Object.assign(new Error('canary'), { status: '404' }),
  ];
  for (const error of thrown) {
    const problem = problemOf(error, 'r-77');
    expect(problem).toMatchObject({ status: 500, code: 'fault', isFault: true });
    expect(problem.message).toContain('r-77');
    expect(problem.message).not.toContain('canary');
  }
});

it('turns what Express refuses into a sentence', () => {
  const refusal = (status: number): object => problemOf(Object.assign(new Error('canary'), { status }), 'r1');
  expect(refusal(413)).toEqual({
    status: 413,
    code: 'invalid',
    message: 'What was sent is too long.',
    isFault: false,
  });
  for (const status of [400, 404, 415])
    expect(refusal(status)).toEqual({
      status: 400,
      code: 'invalid',
      message: 'What was sent cannot be read.',
      isFault: false,
    });
});
