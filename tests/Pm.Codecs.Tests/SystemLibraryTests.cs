using Pm.Codecs.Native;
using Xunit;

namespace Pm.Codecs.Tests;

public class SystemLibraryTests
{
    [Fact]
    public void A_missing_library_is_named_with_the_command_that_installs_it()
    {
        var error = Assert.Throws<CodecException>(() => SystemLibrary.Load("libabsent9", "libabsent.so.9"));

        Assert.Equal("PM8005", error.Code);
        Assert.Contains("libabsent.so.9", error.Message, StringComparison.Ordinal);
        Assert.Equal("apt-get install libabsent9", error.Hint);
    }

    [Fact]
    public void The_second_name_of_a_library_serves_when_the_first_does_not() =>
        Assert.NotEqual(0, SystemLibrary.Load("zlib1g", "libabsent.so.9", "libz.so.1"));

    [Theory]
    [InlineData(SystemLibrary.Crypto)]
    [InlineData(SystemLibrary.Zlib)]
    [InlineData(SystemLibrary.Bzip2)]
    [InlineData(SystemLibrary.Lzma)]
    [InlineData(SystemLibrary.Zstandard)]
    public void Requiring_a_library_twice_is_fine(string library)
    {
        SystemLibrary.Require(library);
        SystemLibrary.Require(library);
    }

    /// <summary>Natively compiled, the runtime gives one of two references back that it asked for at once.</summary>
    [Theory]
    [InlineData(SystemLibrary.Bzip2, "libbz2.so")]
    [InlineData(SystemLibrary.Zstandard, "libzstd.so")]
    public void A_reference_that_is_given_back_unloads_nothing(string library, string file)
    {
        SystemLibrary.Require(library);

        for (var i = 0; i < 3; i++)
        {
            System.Runtime.InteropServices.NativeLibrary.Free(SystemLibrary.Resolve(library));
        }

        Assert.Contains(file, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    /// <summary>A structure one field off would let a library write past its end.</summary>
    [Fact]
    public unsafe void The_structures_have_the_sizes_of_the_headers()
    {
        Assert.SkipUnless(sizeof(nint) == 8, "sizes of 64-bit Linux");

        Assert.Equal((112, 80, 136), (sizeof(ZlibState), sizeof(Bzip2State), sizeof(LzmaState)));
    }
}
