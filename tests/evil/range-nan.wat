;; Says its rewards begin at NaN.
;;@ lie
  (func $lie (f64.store (i32.const 24) (f64.const nan)))
