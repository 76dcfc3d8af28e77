module llamero.test/golden/gotemplate

go 1.24
