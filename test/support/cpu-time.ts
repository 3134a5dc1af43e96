/** Milliseconds of processor time that `act` takes: a busy machine adds none. */
export async function cpuMs(act: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
