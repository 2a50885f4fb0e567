checkModule() {
  @interpreter@ -B @script@ "$@"
}
