using Pm.Linux;
using Pm.Torture.Gear;

namespace Pm.Torture;

/// <summary>A limit of the size of files (<c>ulimit -f</c>) is a write that fails, and not the end by a signal.</summary>
public sealed class FileSizeTests
{
    [Fact]
    public void More_than_the_limit_is_an_ordinary_error_and_leaves_nothing()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        using var place = new Place(Executables.Pm);
        Assert.SkipWhen(ProgramPath.Find("prlimit", place.Environment["PATH"]) is null, "no prlimit: `apt-get install util-linux`");
        Directory.CreateDirectory(place.Work);
        Directory.CreateDirectory(Path.Combine(place.Live, "tmp"));

        var result = place.Shell("""
            cd $LIVE/w
            mkdir -p big/root/share; head -c 300000 /dev/urandom > big/root/share/big
            printf 'name: big\nversion: 1.0.0\ndescription: a test\n' > big/meta.yaml
            exec prlimit --fsize=100000: $PM pkg create --no-sign big
            """);

        Assert.Equal(1, result.ShellCode);
        Assert.Contains("error[PM0006]", result.ErrorText, StringComparison.Ordinal);
        Assert.Contains("ulimit -f", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(["big"], Directory.EnumerateFileSystemEntries(place.Work).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(place.Live, "tmp")));
    }
}
