using Pm.Stages.Building.Ebpf;
using Xunit;

namespace Pm.Stages.Tests.Building;

public sealed class EbpfTypesTests
{
    [Theory]
    [InlineData("struct a { int x; };", "struct a")]
    [InlineData("union a { int x; } value;", "union a")]
    [InlineData("struct a { struct b { int y; } c; struct { int z; } d; };", "struct a, struct b")]
    [InlineData("typedef struct { int x; } a;", "a")]
    [InlineData("typedef union\n{ int x; } a_t, other, *pointer;", "a_t")]
    [InlineData("typedef struct __attribute__((packed, aligned(8))) { int x[2]; } a;", "a")]
    [InlineData("typedef struct { int x; } __attribute__((packed)) a;", "a")]
    [InlineData("typedef struct { int x; } __packed a;", "a")]
    [InlineData("typedef struct { struct b { int y; } c; union { int d; } e; } a;", "struct b, a")]
    [InlineData("typedef struct tag { int x; } a;", "struct tag")]
    [InlineData("typedef struct { int x; } *a;", "")]
    [InlineData("typedef struct { int x; } a[4];", "a")]
    [InlineData("typedef struct tag a;\ntypedef int (*call)(struct tag *);\ntypedef enum { A } b;", "")]
    [InlineData("struct { int x; } map SEC(\".maps\");\nstruct a *find(struct a *b) { struct c { int x; }; typedef struct { int y; } d; return b; }\ntypedef struct { int x; } e;", "struct c, e")]
    [InlineData("struct task___old { int x; };\ntypedef struct { int x; } b___old;", "")]
    [InlineData("// struct a {\n/* struct b { */ #define C struct c { \\\n struct d {\nchar *e = \"struct f {\"; int g = '{';\nstruct h { };\nstruct h { };", "struct h")]
    [InlineData("typedef struct {", "")]
    [InlineData("}}} typedef struct { } a", "")]
    [InlineData("struct a { /*", "struct a")]
    [InlineData("char *a = \"\\", "")]
    [InlineData("#\\", "")]
    [InlineData("__attribute__((", "")]
    public void They_are_found_without_a_preprocessor(string source, string expected) =>
        Assert.Equal(expected, string.Join(", ", EbpfTypes.Of(source).Select(t => $"{t.Keyword} {t.Name}".Trim())));

    /// <summary>What opens and never ends costs no more than its length: this would take hours.</summary>
    [Theory]
    [InlineData("/*")]
    [InlineData("{")]
    [InlineData("typedef struct{")]
    [InlineData("__attribute__(")]
    [InlineData("__packed ")]
    [InlineData("\"\\")]
    public void What_never_ends_is_passed_over(string opened) =>
        Assert.Empty(EbpfTypes.Of(string.Concat(Enumerable.Repeat(opened, (4 << 20) / opened.Length))));
}
