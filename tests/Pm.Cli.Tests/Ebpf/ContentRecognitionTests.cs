using Pm.Cli.Ebpf;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

public class ContentRecognitionTests
{
    /// <summary>Looking for an object must not keep a program from being run, nor wait for what never ends.</summary>
    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc")]
    [InlineData("/bin/sh")]
    [InlineData("/nowhere/at all")]
    public void What_is_no_object_is_none_whatever_it_is(string path) => Assert.Equal(ContentKind.Other, ContentRecognition.Of(path));
}
