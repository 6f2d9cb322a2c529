import { describe, expect, it } from 'vitest';
import {
  deployCommand,
  isLocked,
  named,
  servicesOf,
} from '../../../../lambda/domain/hand-over/services.ts';
import { ago, ahead, HOUR, NOW } from '../lifecycle/seen.ts';

const web = { cluster: 'dify', service: 'web' };
const worker = { cluster: 'dify', service: 'worker' };
const api = { cluster: 'dify', service: 'api' };
const principal = 'arn:aws:iam::111122223333:role/dify';

describe('the services of a key', () => {
  it('are those of its consumers, each once', () => {
    const consumers = [
      { principal, service: web },
      { principal: 'arn:aws:iam::111122223333:role/builder' },
      { principal, service: worker },
      { principal: 'PrincipalTag/team=web', service: { ...web } },
    ];
    expect(servicesOf({ consumers }, NOW)).toEqual([web, worker]);
  });

  it('are not those whose grant is over: what they start could not read the key', () => {
    const consumers = [
      { principal, service: web, expires: ago(1) },
      { principal, service: worker, expires: ahead(HOUR) },
    ];
    expect(servicesOf({ consumers }, NOW)).toEqual([worker]);
  });

  it('are named in a sentence, and as what a person types', () => {
    expect(named([web])).toBe('ECS service dify/web');
    expect(named([web, worker, api])).toBe('ECS services dify/web, dify/worker and dify/api');
    expect(deployCommand('dify/web')).toBe(
      'aws ecs update-service --cluster dify --service web --force-new-deployment',
    );
  });
});

describe('a key is locked', () => {
  it.each([
    [{ 'amplitude-lockdown': 'on' }, true],
    [{ 'amplitude-note-lockdown': NOW.toISOString() }, true],
    [{ 'amplitude-lockdown': 'off' }, false],
    [{}, false],
  ])('by its tags %o: %s', (tags, locked) => {
    expect(isLocked({ tags: new Map(Object.entries(tags)) })).toBe(locked);
  });
});
