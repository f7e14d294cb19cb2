using System.Diagnostics;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Headers;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests.Headers;

public sealed class KernelHeaderTests
{
    /// <summary>It has bytes without meaning at its end, and libbpf wants the kernel to have each of its members.</summary>
    const string OfFunctions = "tcp_congestion_ops";

    const string KernelTypes = "/sys/kernel/btf/vmlinux";

    static readonly string[] Compilers = ["clang", "clang-14", "clang-16", "clang-19"];

    /// <summary>The compiler is the judge: sizes and places of all members are asserted in C.</summary>
    [Fact]
    public void The_header_of_this_kernel_compiles_and_lays_everything_out_as_the_kernel_does()
    {
        var clang = FindClang();
        Assert.SkipUnless(File.Exists(KernelTypes), "this kernel has no type information");
        Assert.SkipWhen(clang is null, "there is no clang");
        var types = BtfFile.Parse(File.ReadAllBytes(KernelTypes), KernelTypes);
        using var header = new StringWriter();
        KernelHeader.Write(types, header);
        var directory = Directory.CreateTempSubdirectory("pm-header-");
        try
        {
            File.WriteAllText(Path.Join(directory.FullName, "vmlinux.h"), header.ToString());
            File.WriteAllText(Path.Join(directory.FullName, "check.c"), $"#include \"vmlinux.h\"\n{Assertions(types)}struct {OfFunctions} pm_all;\n");

            var (code, text) = Run(clang!, ["-target", "bpf", "-g", "-O2", "-Wall", "-Werror", "-c", "check.c", "-o", "check.o"], directory.FullName);

            Assert.True(code == 0, text[..Math.Min(text.Length, 4000)]);
            var compiled = BpfSpec.Parse(File.ReadAllBytes(Path.Join(directory.FullName, "check.o")), "check.o").Types!;
            Assert.Equal(MembersOf(types), MembersOf(compiled));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A compiler looks through all that it has read of a name, so that many take it minutes.</summary>
    [Fact]
    public void What_is_only_named_is_written_once()
    {
        const uint forward = 7u << 24, union = forward | 1u << 31;
        uint[] words = [1, forward, 0, 1, forward, 0, 1, union, 0, 1, forward, 0];
        uint[] head = [0x0001_eb9f, 24, 0, (uint)words.Length * 4, (uint)words.Length * 4, 5];
        using var header = new StringWriter { NewLine = "\n" };

        KernelHeader.Write(BtfFile.Parse((byte[])[.. head.Concat(words).SelectMany(BitConverter.GetBytes), 0, .. "far\0"u8], "x"), header);

        Assert.Equal(2, header.ToString().Split("struct far;\n").Length);
        Assert.Equal(2, header.ToString().Split("union far;\n").Length);
    }

    /// <summary>Linux is compiled with <c>-fms-extensions</c> from 6.19 on.</summary>
    [Fact]
    public void Members_of_structs_that_are_brought_in_and_enumerations_without_values_are_C_of_the_standard()
    {
        var clang = FindClang();
        Assert.SkipWhen(clang is null, "there is no clang");
        var directory = Directory.CreateTempSubdirectory("pm-header-");
        try
        {
            File.WriteAllText(Path.Join(directory.FullName, "kernel.c"), """
                enum pm_unsaid;
                struct pm_part { int first; long second; } __attribute__((packed));
                union pm_way { char small; long large; };
                struct pm_whole { int before; struct pm_part; union pm_way; int *after; struct pm_part named; enum pm_unsaid *unsaid; };
                typedef struct pm_node { int number; } pm_node_t;
                typedef pm_node_t pm_table[3];
                struct pm_tree { pm_table *table; const pm_node_t (*rows)[2]; } pm_tree;
                struct pm_whole pm_whole;

                """);
            Assert.Equal((0, ""), Run(clang!, ["-target", "bpf", "-g", "-O2", "-fms-extensions", "-Wno-microsoft-anon-tag", "-c", "kernel.c", "-o", "kernel.o"], directory.FullName));
            var types = BpfSpec.Parse(File.ReadAllBytes(Path.Join(directory.FullName, "kernel.o")), "kernel.o").Types!;
            using var header = new StringWriter();
            KernelHeader.Write(types, header);
            File.WriteAllText(Path.Join(directory.FullName, "vmlinux.h"), header.ToString());
            File.WriteAllText(Path.Join(directory.FullName, "check.c"), $"""
                #include "vmlinux.h"
                {Assertions(types)}
                _Static_assert(__builtin_offsetof(struct pm_whole, first) == 4, "first");
                _Static_assert(__builtin_offsetof(struct pm_whole, second) == 8, "second");
                _Static_assert(__builtin_offsetof(struct pm_whole, small) == 16, "small");
                _Static_assert(sizeof(enum pm_unsaid) == 4, "enum");
                struct pm_whole pm_all;

                """);

            Assert.Equal((0, ""), Run(clang!, ["-target", "bpf", "-g", "-O2", "-Wall", "-Werror", "-c", "check.c", "-o", "check.o"], directory.FullName));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Members_that_kernels_once_had_can_be_asked_for()
    {
        Assert.Equal("__PM_FORMER_task_struct_state", KernelHeader.FormerMember("task_struct", "state"));
        Assert.Null(KernelHeader.FormerMember("task_struct", "never"));
        Assert.Null(KernelHeader.FormerMember("never", "state"));
    }

    static IEnumerable<string> MembersOf(BtfFile types) => types.Find(BtfKind.Struct, OfFunctions)!.Value.Members.Select(m => m.Name);

    /// <summary>Of structs whose name is theirs alone.</summary>
    static string Assertions(BtfFile types)
    {
        var text = new StringBuilder();
        foreach (var type in types.Types.Where(t => t.IsComposite && t.Name.Length > 0 && t.Size > 0))
        {
            if (types.Named(type.Name).Count(t => t.IsComposite || t.IsEnum) > 1 || type.Members.Any(m => IsArgumentList(m.Type)))
            {
                continue;
            }

            var name = $"{(type.Kind is BtfKind.Union ? "union" : "struct")} {type.Name}";
            text.Append($"_Static_assert(sizeof({name}) == {type.Size}, \"{type.Name}\");\n");
            foreach (var member in type.Members.Where(m => m.Name.Length > 0 && !m.IsBitField))
            {
                text.Append($"_Static_assert(__builtin_offsetof({name}, {member.Name}) == {member.BitOffset / 8}, \"{type.Name}.{member.Name}\");\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The compiler's own, which is another on each architecture.</summary>
    static bool IsArgumentList(BtfType type)
    {
        while (type.IsModifier || type.Kind is BtfKind.Pointer)
        {
            if (type.Name == "__builtin_va_list")
            {
                return true;
            }

            type = type.Target;
        }

        return false;
    }

    static string? FindClang() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(d => Compilers.Select(n => Path.Join(d, n))).FirstOrDefault(File.Exists);

    static (int Code, string Text) Run(string program, string[] arguments, string directory)
    {
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardError = true })!;
        var text = child.StandardError.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, text);
    }
}
