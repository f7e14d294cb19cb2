using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Functions and marks of programs: those of marked.c, as a compiler left it, and of this machine's libraries.</summary>
public class ProgramFileTests
{
    static readonly string Marked = Path.Join(AppContext.BaseDirectory, "objects", "programs", "marked.o");

    [Theory]
    [InlineData("main", true)]
    [InlineData("reach", true)]
    [InlineData("mai", false)]
    [InlineData("mains", false)]
    [InlineData("marked.c", false)]
    [InlineData("", false)]
    public void A_function_is_one_that_is_named_so(string name, bool isThere)
    {
        using var file = File.OpenRead(Marked);

        Assert.Equal(isThere, ProgramFile.HasFunction(file, name));
    }

    /// <summary>The sections of a file that is not linked have no addresses: what a function's symbol says counts from its section on.</summary>
    [Theory]
    [InlineData("*", 2)]
    [InlineData("m?in", 1)]
    [InlineData("reac*", 1)]
    [InlineData("main", 1)]
    [InlineData("mai", 0)]
    [InlineData("*.c", 0)]
    public void Functions_that_a_pattern_stands_for_are_where_the_file_has_them(string pattern, int count)
    {
        using var file = File.OpenRead(Marked);

        var offsets = ProgramFile.FunctionsLike(file, pattern)!;

        Assert.Equal(count, offsets.Length);
        var bytes = File.ReadAllBytes(Marked);
        Assert.All(offsets, offset => Assert.True(offset >= 64 && bytes[(int)offset] != 0, $"{offset}"));
    }

    [Theory]
    [InlineData("pm", "reached", true)]
    [InlineData("pm", "reach", false)]
    [InlineData("p", "reached", false)]
    [InlineData("", "pm", false)]
    public void A_mark_has_both_names(string provider, string name, bool isThere)
    {
        using var file = File.OpenRead(Marked);

        Assert.Equal(isThere, ProgramFile.HasMark(file, provider, name));
    }

    [Fact]
    public void Nothing_is_said_of_what_is_broken()
    {
        var bytes = File.ReadAllBytes(Marked);
        foreach (var length in Enumerable.Range(0, bytes.Length))
        {
            using var file = new MemoryStream(bytes[..length]);
            Assert.True(ProgramFile.HasFunction(file, "main") is null or true, $"{length} bytes");
            Assert.True(ProgramFile.HasMark(file, "pm", "reached") is null or true, $"{length} bytes");
            Assert.True(ProgramFile.FunctionsLike(file, "*") is null or { Length: 2 }, $"{length} bytes");
        }

        using var text = new MemoryStream("#!/bin/sh\n"u8.ToArray());
        Assert.Equal((false, null, null), (ProgramFile.IsOne(text), ProgramFile.HasFunction(text, "main"), ProgramFile.HasMark(text, "pm", "reached")));
        bytes[4] = 1;
        using var small = new MemoryStream(bytes);
        Assert.Equal((true, null), (ProgramFile.IsOne(small), ProgramFile.HasFunction(small, "main")));
    }

    [Fact]
    public void Why_a_file_will_not_do_is_said_and_nothing_where_it_will()
    {
        var files = new ProgramFiles(name => name is "PATH" or "LD_LIBRARY_PATH" ? Path.GetDirectoryName(Marked) : null);

        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, $"{Marked}:main+4")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, $"{Marked}:0x40")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uretprobe, "marked.o:main")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Usdt, "marked.o:pm:reached")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, "")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.UprobeMulti, "marked.o:m*")));
        Assert.Equal((Marked, 2), files.FunctionsOf(new ProgramHook(HookKind.UprobeMulti, "marked.o:*")) is var (path, offsets) ? (path, offsets.Length) : default);
        Assert.Null(files.FunctionsOf(new ProgramHook(HookKind.UprobeMulti, "marked.o:n*")));
        Assert.Equal("`marked.o` has no function with a name that `n*` stands for", files.WhyNot(new ProgramHook(HookKind.UprobeMulti, "marked.o:n*")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Fentry, "/nowhere:main")));
        Assert.Equal("`marked.o` has no function `mian` that it gives a name", files.WhyNot(new ProgramHook(HookKind.Uprobe, "marked.o:mian")));
        Assert.Equal("`marked.o` has no mark `pm:rached`", files.WhyNot(new ProgramHook(HookKind.Usdt, "marked.o:pm:rached")));
        Assert.Equal("there is no program or library `libpm-nowhere.so`", files.WhyNot(new ProgramHook(HookKind.Uprobe, "libpm-nowhere.so:main")));
        Assert.Equal("there is no program or library `/pm/nowhere`", files.WhyNot(new ProgramHook(HookKind.Usdt, "/pm/nowhere:pm:reached")));
        Assert.Equal("`/etc/passwd` is no program or library", files.WhyNot(new ProgramHook(HookKind.Uprobe, "/etc/passwd:main")));
    }

    /// <summary>Whoever opens one waits until somebody writes into it.</summary>
    [Fact]
    public void A_pipe_is_not_opened()
    {
        var path = Path.Join(AppContext.BaseDirectory, $"pipe-{Environment.ProcessId}");
        Assert.Equal(0, MakePipe(path, 0x180));
        try
        {
            var hook = new ProgramHook(HookKind.Uprobe, $"{path}:main");

            Assert.Equal($"`{path}` is no program or library", new ProgramFiles(_ => null).WhyNot(hook));
            Assert.Equal($"`{path}` is no program or library", ProgramFiles.WhyNoFile(hook));
            Assert.Null(ProgramFiles.WhyNoFile(new ProgramHook(HookKind.Uprobe, $"{Marked}:main")));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    static extern int MakePipe(string path, uint mode);
}
