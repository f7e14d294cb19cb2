namespace Pm.Daemon.Logging;

/// <summary>Who asks, for the access log: an endpoint that knows it sets this feature.</summary>
/// <param name="Name">Of a token, never its secret.</param>
sealed record RequestUser(string Name);
