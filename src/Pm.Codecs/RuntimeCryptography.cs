using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>What the runtime itself takes from OpenSSL: TLS and random numbers.</summary>
public static class RuntimeCryptography
{
    /// <summary>To be called before them: where libssl is missing, the runtime ends the whole process with a line that helps nobody.</summary>
    /// <exception cref="CodecException">PM8005: libssl is not installed; the hint installs it.</exception>
    public static void Require() => SystemLibrary.Require(SystemLibrary.Tls);
}
