import { expectTypeOf, it } from 'vitest';
import type { CollapseLogger, CollapseMetrics, EmbeddingInput, MetricRegistry } from '#index.js';

/** The parts of other libraries' types that decide whether their values can be passed without a cast. */
interface TensorFlowTensor {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32' | 'bool' | 'complex64' | 'string';
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dataSync(): Float32Array | Int32Array | Uint8Array;
  arraySync(): number | number[] | number[][];
}
interface OnnxRuntimeTensor {
  readonly dims: readonly number[];
  readonly type: string;
  readonly data: Float32Array | Uint16Array | BigInt64Array | Uint8Array | string[];
}
interface NdArray {
  data: Float32Array | number[];
  shape: number[];
  stride: number[];
  offset: number;
  dtype: string;
}

it('takes every representation without a cast', () => {
  expectTypeOf<number[][]>().toExtend<EmbeddingInput>();
  expectTypeOf<readonly (readonly number[])[]>().toExtend<EmbeddingInput>();
  expectTypeOf<number[][][]>().toExtend<EmbeddingInput>();
  expectTypeOf<Float32Array[]>().toExtend<EmbeddingInput>();
  expectTypeOf<bigint[][]>().toExtend<EmbeddingInput>();
  expectTypeOf<TensorFlowTensor>().toExtend<EmbeddingInput>();
  expectTypeOf<OnnxRuntimeTensor>().toExtend<EmbeddingInput>();
  expectTypeOf<NdArray>().toExtend<EmbeddingInput>();
  expectTypeOf<{ tolist(): number[][] }>().toExtend<EmbeddingInput>();
});

it('refuses at compile time what is refused at run time', () => {
  expectTypeOf<number>().not.toExtend<EmbeddingInput>();
  expectTypeOf<number[]>().not.toExtend<EmbeddingInput>();
  expectTypeOf<Float32Array>().not.toExtend<EmbeddingInput>();
  expectTypeOf<boolean[][]>().not.toExtend<EmbeddingInput>();
  expectTypeOf<(number | null)[][]>().not.toExtend<EmbeddingInput>();
  expectTypeOf<string[]>().not.toExtend<EmbeddingInput>();
});

it('takes loggers of pino and registries of prom-client', () => {
  expectTypeOf<import('pino').Logger>().toExtend<CollapseLogger>();
  expectTypeOf<import('prom-client').Registry>().toExtend<MetricRegistry>();
  expectTypeOf<
    import('prom-client').Registry<import('prom-client').OpenMetricsContentType>
  >().toExtend<MetricRegistry>();
});

it('has every metric of the library as a number', () => {
  expectTypeOf<CollapseMetrics['kl_reg']>().toEqualTypeOf<number>();
});
