using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>
/// Writes all types of a kernel as one C header, <c>vmlinux.h</c>, for programs that are compiled for it: each type after those it is made of, members where the kernel has
/// them, and prototypes of the functions that programs may call (kfuncs). Two types of one name are told apart: the second is <c>name___2</c>.
/// </summary>
public static class KernelHeader
{
    const string Head = """
        #ifndef __VMLINUX_H__
        #define __VMLINUX_H__

        #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
        #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
        #endif

        #ifndef __ksym
        #define __ksym __attribute__((section(".ksyms")))
        #endif

        #ifndef __weak
        #define __weak __attribute__((weak))
        #endif


        """;

    const string Tail = """
        #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
        #pragma clang attribute pop
        #endif

        #endif

        """;

    /// <summary>What a compiler is told (<c>-D</c>) to have a member in a struct of the header that this kernel has no more, and an older one had; null: none is known that had it.</summary>
    public static string? FormerMember(string type, string member) => FormerMembers.MacroOf(type, member);

    /// <summary>With a function's name behind it, what a compiler is told (<c>-D</c>) to leave out that function's prototype.</summary>
    public const string Declared = "__PM_DECLARED_";

    /// <summary>Writes it.</summary>
    /// <param name="types">Of a kernel, or of anything else.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="EbpfFormatException">PM8021: the types break a rule of the format, or nest too deep.</exception>
    public static void Write(BtfFile types, TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(target);
        target.Write(Head);
        var definitions = new DefinitionWriter(types, target);
        foreach (var type in types.Types)
        {
            definitions.Require(type);
        }

        target.Write("#ifndef BPF_NO_KFUNC_PROTOTYPES\n");
        foreach (var function in KernelFunctions.Of(types))
        {
            definitions.WritePrototype(function);
        }

        target.Write("#endif\n\n");
        target.Write(Tail);
    }
}
