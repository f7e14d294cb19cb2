using System.Text;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Functions that can be traced many at once, as kernels write them.</summary>
public class TraceableFunctionsTests
{
    const string Symbols = "ffffffff81000010 T vfs_read\nffffffff81000020 T vfs_write\nffffffff82000000 t vfs_init\nffffffff81000030 t seen_twice\nffffffff81000040 t seen_twice\n"
        + "ffffffff81000050 t known_once\nffffffff81000060 t known_once\nffffffffc0000070 t md_flush\t[md_mod]\nffffffff83000000 D vfs_data\n";

    const string Names = "vfs_read\nvfs_write\nseen_twice\nseen_twice\nknown_once\nmd_flush [md_mod]\n";

    const string Addresses = "ffffffff81000014 vfs_read\nffffffff81000024 vfs_write\nffffffff81000034 seen_twice\nffffffff81000044 seen_twice\nffffffffc0000074 md_flush [md_mod]\nbroken\nxyz no_address\n";

    [Theory]
    [InlineData("vfs_*", new[] { 0xffffffff81000010UL, 0xffffffff81000020UL })]
    [InlineData("vfs_rea?", new[] { 0xffffffff81000010UL })]
    [InlineData("vfs_read", new[] { 0xffffffff81000010UL })]
    [InlineData("seen_twice", new[] { 0xffffffff81000030UL, 0xffffffff81000040UL })]
    [InlineData("*_flush", new[] { 0xffffffffc0000070UL })]
    [InlineData("known_once", new ulong[0])]
    [InlineData("vfs", new ulong[0])]
    public void Where_they_are_is_what_the_kernels_names_say_of_those_that_tracefs_has(string pattern, ulong[] addresses) =>
        Assert.Equal(addresses, new TraceableFunctions(null, Bytes(Names), Bytes(Symbols)).Like(pattern));

    [Theory]
    [InlineData("vfs_*", new[] { 0xffffffff81000014UL, 0xffffffff81000024UL })]
    [InlineData("seen_*", new[] { 0xffffffff81000034UL, 0xffffffff81000044UL })]
    [InlineData("md_flus?", new[] { 0xffffffffc0000074UL })]
    [InlineData("broken", new ulong[0])]
    [InlineData("no_address", new ulong[0])]
    public void Newer_kernels_say_both_in_one(string pattern, ulong[] addresses)
    {
        var functions = new TraceableFunctions(Bytes(Addresses), null, null);

        Assert.Equal(addresses, functions.Like(pattern));
        Assert.Equal(addresses.Length > 0, functions.HasLike(pattern));
    }

    /// <summary>As it is for who may not read addresses.</summary>
    [Fact]
    public void Hidden_addresses_are_none()
    {
        var hidden = new TraceableFunctions(null, Bytes("vfs_read\n"), Bytes("0000000000000000 T vfs_read\n"));

        Assert.Empty(hidden.Like("vfs_*")!);
        Assert.True(hidden.HasLike("vfs_*"));
        Assert.False(hidden.HasLike("vfs_w*"));
    }

    [Fact]
    public void Nothing_is_said_where_the_kernel_says_nothing()
    {
        var silent = new TraceableFunctions(null, null, Bytes(Symbols));

        Assert.Null(silent.Like("vfs_*"));
        Assert.Null(silent.HasLike("vfs_*"));
        Assert.Null(new TraceableFunctions(null, Bytes(Names), null).Like("vfs_*"));
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
