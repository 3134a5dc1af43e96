/** Two entries as float64. */
export function pair<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

export function one<T>(at: usize): f64 {
  return load<T>(at) as f64;
}
