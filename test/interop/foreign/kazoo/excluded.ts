/** Tests of kazoo that say nothing about a single member without SASL, each with its reason. */
const NEEDS_ENSEMBLE = 'stops some members of an ensemble and goes on with the others';
const NEEDS_RECONFIG = 'dynamic reconfiguration of an ensemble; a standalone ZooKeeper refuses it';
// Where no mechanism is configured, both servers answer SASL requests with an empty token, and kazoo asks again for ever.
const NEEDS_SASL = 'a server with a SASL mechanism configured';
const NEEDS_KERBEROS = 'a Kerberos realm';

/** By the name the plugin gives tests: `file::class::test`. */
export const KAZOO_EXCLUDED: Readonly<Record<string, string>> = {
  'test_build.py::TestBuildEnvironment::test_zookeeper_version': "compares versions of kazoo's own CI",
  'test_client.py::TestClient::test_update_host_list': NEEDS_ENSEMBLE,
  'test_eventlet_handler.py::TestEventletClient::test_update_host_list': NEEDS_ENSEMBLE,
  'test_gevent_handler.py::TestGeventClient::test_update_host_list': NEEDS_ENSEMBLE,
  'test_connection.py::TestReadOnlyMode::test_read_only': NEEDS_ENSEMBLE,
  'test_client.py::TestReconfig::test_add_remove_observer': NEEDS_RECONFIG,
  'test_client.py::TestReconfig::test_bad_input': NEEDS_RECONFIG,
  'test_client.py::TestReconfig::test_no_super_auth': NEEDS_RECONFIG,
  'test_sasl.py::TestLegacySASLDigestAuthentication::test_connect_sasl_auth': NEEDS_SASL,
  'test_sasl.py::TestSASLDigestAuthentication::test_connect_sasl_auth': NEEDS_SASL,
  'test_sasl.py::TestLegacySASLDigestAuthentication::test_invalid_sasl_auth': NEEDS_SASL,
  'test_sasl.py::TestSASLDigestAuthentication::test_invalid_sasl_auth': NEEDS_SASL,
  'test_sasl.py::TestSASLGSSAPIAuthentication::test_connect_gssapi_auth': NEEDS_KERBEROS,
  'test_sasl.py::TestSASLGSSAPIAuthentication::test_invalid_gssapi_auth': NEEDS_KERBEROS,
};
