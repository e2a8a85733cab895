module github.com/footing-dev/footing

go 1.26.8
