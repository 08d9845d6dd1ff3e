# expect: exit 0
quit()
