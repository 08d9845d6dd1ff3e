;; 50 MB of data.
;;@ bomb
  (data $bomb
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd" ;;* 530000
  )
