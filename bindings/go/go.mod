module ebpm

go 1.19
