import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { withLock } from '#io/lock.js';
import { isRunning, ownIdentity } from '#io/process-identity.js';
import { folder } from '../support/run-folder.js';

let root: string;
let path: string;
beforeEach(() => {
  root = folder();
  path = join(root, 'state.json');
});

const UUID = '00000000-0000-4000-8000-000000000000';
function leave(
  kind: string,
  { place, pid, start } = ownIdentity() as { place: string; pid: number; start: string },
) {
  mkdirSync(`${path}.lock`, { recursive: true });
  const file = join(`${path}.lock`, `${kind}.${place}~${pid}~${start}~${UUID}`);
  writeFileSync(file, '');
  return file;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('close', resolve));
  return child.pid!;
}

it('lets one in at a time, and leaves nothing behind', async () => {
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      withLock(path, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
        inside--;
        order.push(i);
      }),
    ),
  );
  expect(most).toBe(1);
  expect(order).toHaveLength(12);
  expect(readdirSync(root)).toEqual([]);
});

it('gives what `use` gives, and is free again where it throws', async () => {
  expect(await withLock(path, () => 3)).toBe(3);
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(path, () => 4, { timeoutMs: 0 })).toBe(4);
});

it.each(['1', 'choosing'])('a killed process leaves %s behind, which stops nobody', async (kind) => {
  leave(kind, { ...ownIdentity(), pid: await deadPid() });
  expect(await withLock(path, () => 1, { timeoutMs: 0 })).toBe(1);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it.runIf(ownIdentity().start !== 'x')('so does one whose number another process has by now', async () => {
  leave('1', { ...ownIdentity(), start: '1' });
  expect(await withLock(path, () => 1, { timeoutMs: 0 })).toBe(1);
});

it('waits for a live process, and tells which in the end', async () => {
  const file = leave('1');
  await expect(withLock(path, () => 1, { timeoutMs: 50 })).rejects.toMatchObject({
    code: 'E402',
    message: `process ${process.pid} is using this state file`,
  });
  expect(existsSync(file)).toBe(true);
  setTimeout(() => rmSync(file), 60);
  expect(await withLock(path, () => 1, { timeoutMs: 60_000 })).toBe(1);
});

it('waits for another machine only until its file is old', async () => {
  const file = leave('1', { ...ownIdentity(), place: 'abc', pid: 1 });
  await expect(withLock(path, () => 1, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'E402' });
  const past = new Date(Date.now() - 200_000);
  utimesSync(file, past, past);
  expect(await withLock(path, () => 1, { timeoutMs: 0 })).toBe(1);
});

it('tells who held it for too long', async () => {
  await withLock(path, (lock) => {
    lock.verify();
    for (const name of readdirSync(`${path}.lock`)) rmSync(join(`${path}.lock`, name));
    expect(() => lock.verify()).toThrow(expect.objectContaining({ code: 'E402' }));
  });
});

it('says where it cannot be', async () => {
  await expect(withLock(join(root, 'no/state.json'), () => 1)).rejects.toMatchObject({ code: 'E401' });
  writeFileSync(`${path}.lock`, 'a file');
  await expect(withLock(path, () => 1)).rejects.toMatchObject({ code: 'E401' });
});

it('knows running processes from ended ones', async () => {
  const own = ownIdentity();
  expect(isRunning(own)).toBe(own.start === 'x' ? null : true);
  expect(isRunning({ ...own, pid: await deadPid() })).toBe(false);
  expect(isRunning({ ...own, place: 'elsewhere' })).toBeNull();
});

it('a number beyond those that a lock gives is nobody in the queue', async () => {
  leave('9'.repeat(23), { place: 'ab', pid: 1, start: 'x' });
  await withLock(path, (lock) => lock.verify());
});
