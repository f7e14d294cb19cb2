using Xunit;

namespace Pm.Linux.Tests;

public class ProgramPathTests
{
    [Fact]
    public void The_first_file_that_may_be_run_is_found()
    {
        using var here = new TestDirectory();
        here.Write("a/tool", "");
        here.Write("b/tool", "");
        here.Write("c/tool", "");
        Directory.CreateDirectory(here["0/tool"]);
        foreach (var d in new[] { "b", "c" })
        {
            using var directory = here.Handle.OpenBeneath(d);
            directory.SetMode("tool", Octal.Mode("755"));
        }

        var path = string.Join(':', here["none"], here["0"], here["a"], "", ".", "b", here["b"], here["c"]);

        Assert.Equal(here["b/tool"], ProgramPath.Find("tool", path));
        Assert.Equal(here["c/tool"], ProgramPath.Find(here["c/tool"], null));
        Assert.Null(ProgramPath.Find(here["a/tool"], path));
        Assert.Null(ProgramPath.Find("tool", null));
        Assert.Null(ProgramPath.Find("other", path));
        Assert.Throws<ArgumentException>(() => ProgramPath.Find("", path));
    }
}
