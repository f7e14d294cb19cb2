using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests.Symbols;

public class SymbolTests
{
    static readonly KernelSymbols Kernel = KernelSymbols.Parse(
        """
        ffffffff81000000 T _text
        ffffffff81000100 t first
        ffffffff81000200 W second	[module]
        ffffffff81000180 D data
        0000000000000000 T hidden
        not a line
        ffffffff8100zzzz T wrong

        """u8);

    [Theory]
    [InlineData(0xffffffff81000100, "first+0x0")]
    [InlineData(0xffffffff810001ff, "first+0xff")]
    [InlineData(0xffffffff81000210, "second [module]+0x10")]
    [InlineData(0xffffffff80ffffff, "0xffffffff80ffffff")]
    [InlineData(0xffffffffffffffff, "0xffffffffffffffff")]
    public void An_address_of_the_kernel_is_a_function_and_a_place_in_it(ulong address, string name) => Assert.Equal(name, Kernel.NameOf(address));

    [Fact]
    public void Only_functions_count() => Assert.Equal(3, Kernel.Count);

    [Fact]
    public void An_address_of_a_process_is_a_file_and_a_place_in_it()
    {
        var mappings = ProcessMappings.Parse(["5000-6000 r-xp 00001000 08:01 7 /usr/lib/libc.so.6", "7000-8000 rw-p 00000000 00:00 0", "nonsense", "9000-8000 r-xp 0 0 0 /x"]);

        Assert.Equal("libc.so.6+0x1010", mappings.NameOf(0x5010));
        Assert.Equal("[anonymous]+0x0", mappings.NameOf(0x7000));
        Assert.Null(mappings.NameOf(0x6000));
        Assert.Null(mappings.NameOf(0x8500));
    }

    [Fact]
    public void Who_is_gone_has_addresses_alone() => Assert.Equal("0x10", new StackNames(() => Kernel).OfProcess(-1, 0x10));
}
