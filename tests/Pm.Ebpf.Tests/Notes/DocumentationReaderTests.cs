using System.Text;
using Pm.Ebpf.Notes;
using Xunit;

namespace Pm.Ebpf.Tests.Notes;

public class DocumentationReaderTests
{
    [Theory]
    [InlineData("/// of one process\nconst volatile int pid = 0;", """{"flags":{"pid":{"help":"of one process"}}}""")]
    [InlineData("/// @description \"of one\"\n/// process\nconst volatile int pid = 0;", """{"flags":{"pid":{"help":"\u0022of one\u0022 process"}}}""")]
    [InlineData("/// @description \"of one\"\nconst volatile pid_t targ[4] = {1, 2};", """{"flags":{"targ":{"help":"of one"}}}""")]
    [InlineData("/// @cmdarg {\"default\": 1, \"long\": \"process\", \"short\": \"p\"}\n/// of one\nconst volatile int pid;", """{"flags":{"pid":{"long":"process","short":"p","default":1,"help":"of one"}}}""")]
    [InlineData("/// @cmdarg {\n///  \"help\": \"x }\"\n/// }\nconst volatile int pid;", """{"flags":{"pid":{"help":"x }"}}}""")]
    [InlineData("/**\n * of one\n * process\n */\nconst volatile int pid __attribute__((aligned(8))) = 1;", """{"flags":{"pid":{"help":"of one process"}}}""")]
    [InlineData("/// @sample {\"interval\": 1000, \"type\": \"log2_hist\"}\nstruct {\n __uint(type, BPF_MAP_TYPE_HASH);\n} hists SEC(\".maps\");", """{"samples":{"hists":{"interval":1000,"type":"log2_hist"}}}""")]
    [InlineData("/// counts\nstruct { int x; } m __weak SEC(\".maps\");\n/// apart\nint y;", """{"flags":{"y":{"help":"apart"}},"maps":{"m":"counts"}}""")]
    [InlineData("/// tells\nchar LICENSE[] SEC(\"license\") = \"GPL\";", """{"description":"tells"}""")]
    [InlineData("/// @brief tells\n/// @details and more\n/// of it\nchar LICENSE[] SEC(\"license\") = \"GPL\";", """{"description":"tells","details":"and more of it"}""")]
    [InlineData("/// at the head\n#include \"vmlinux.h\"\n/// at the licence\nchar _license[] SEC(\"license\") = \"GPL\";", """{"description":"at the licence"}""")]
    [InlineData("// SPDX-License-Identifier: MIT\n/// SPDX-License-Identifier: MIT\n/// Copyright (c) x\n/// at the head\n\n#include <x>\n", """{"description":"at the head"}""")]
    [InlineData("/// at the head\n\nint x;\n/// of nothing\n\nint y;", """{"description":"at the head"}""")]
    [InlineData("/// of a function\nSEC(\"tp/x/y\") int handle(void *ctx) { /* } */ return '}'; }\n/// one\nint x;", """{"flags":{"x":{"help":"one"}}}""")]
    [InlineData("/// of a function\nint BPF_PROG(handle, int a)\n{ return \"}\"[0]; }\n/// one\nint x; // y\n", """{"flags":{"x":{"help":"one"}}}""")]
    [InlineData("/// one\n// and no more\nint x, y;", """{"flags":{"x":{"help":"one"}}}""")]
    [InlineData("//// no\nint a;\n///< no\nint b;\n/*** no */\nint c;\n/**/int d;\n// no\nint e;", "{}")]
    [InlineData("#define A /// no \\\n  int f;\nint a;", "{}")]
    [InlineData("/// unfinished", """{"description":"unfinished"}""")]
    [InlineData("/** unfinished", "{}")]
    [InlineData("int a = 5 /* ; */ + 1; /// unfinished\nint b(", "{}")]
    [InlineData("", "{}")]
    public void Comments_are_of_what_stands_below_them(string source, string expected) =>
        Assert.Equal(expected.Replace("\\u0022", "\\\"", StringComparison.Ordinal), Encoding.UTF8.GetString(DocumentationReader.Read(source, "x.bpf.c").ToBytes()));

    [Theory]
    [InlineData("int a;\n\n/// @cmdarg short=p\nint x;", "x.bpf.c:3: comment: expected a JSON object, got `short=p`")]
    [InlineData("/// @cmdarg {\"short\": \"pid\"}\nint x;", "x.bpf.c:1: comment: `@cmdarg`: `short`: expected one letter or digit, got `pid`")]
    [InlineData("/// @sample {}\nstruct {} m SEC(\".maps\");", "x.bpf.c:1: comment: `@sample`: `interval`: expected milliseconds, 1 to 86400000")]
    public void What_cannot_be_names_the_line(string source, string why) =>
        Assert.Equal(why, Assert.Throws<EbpfFormatException>(() => DocumentationReader.Read(source, "x.bpf.c")).Message);
}
