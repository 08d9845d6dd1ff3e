;; Says its rewards go from 1 down to 0.
;;@ lie
  (func $lie (f64.store (i32.const 24) (f64.const 1)) (f64.store (i32.const 32) (f64.const 0)))
