;; One function of 2 million instructions.
;;@ bomb
  (func (param i32) (result i32) (local.get 0)
    (i32.const 3) (i32.mul) (local.get 0) (i32.xor) (call $bomb) ;;* 500000
  )
  (func $bomb (param i32) (result i32) (local.get 0))
