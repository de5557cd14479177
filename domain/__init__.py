"""The rules: values in, values out; time and facts are arguments. README.md holds the laws."""
