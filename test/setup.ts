import fc from 'fast-check';

// One seed on every run, so that a change is judged and not its luck. FC_SEED=$RANDOM explores others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20240229) });
